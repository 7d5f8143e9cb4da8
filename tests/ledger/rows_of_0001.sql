INSERT INTO submission (id, path, received_at, dedupe_key, content_hash, content_type, body, request,
    redactions, state, reason_code, reason, attempts, repeats)
VALUES ('S', 'p', '2026-11-17 17:30:00', 'd', 'c', 't', x'00', x'00', 0, 'processed', '', '', 1, 0);
INSERT INTO borrower (id, created_at, updated_at, profile, owner, inquiries)
VALUES ('B', '2026-11-17 17:30:00', '2026-11-17 17:30:00', x'00', '', 1);
INSERT INTO borrower_key (hash, borrower_id, kind)
VALUES ('2222222222222222222222222222222222222222222222222222222222222222', 'B', 'phone');
INSERT INTO borrower_key (hash, borrower_id, kind)
VALUES ('1111111111111111111111111111111111111111111111111111111111111111', 'B', 'email');
INSERT INTO inquiry (id, submission_id, borrower_id, path, received_at, type, stage, owner, owner_name,
    known_borrower, shadow, playbook, details, decisions, missing)
VALUES ('I', 'S', 'B', 'p', '2026-11-17 17:30:00', 'purchase', 'new', '', '', 0, 0, 'p@1', x'00', '[]', '[]');
INSERT INTO delivery (id, inquiry_id, borrower_id, crm, lane, created_at, bundle, state, attempts, claims,
    crashes, next_attempt_at, error_code, error, remedy)
VALUES ('D', 'I', 'B', 'hubspot', 'live', '2026-11-17 17:30:00', x'00', 'delivered', 1, 1, 0, '2026-11-17 17:30:00', '', '', '');
INSERT INTO delivery_attempt (id, delivery_id, started_at, ended_at, outcome, detail, calls)
VALUES ('A', 'D', '2026-11-17 17:30:00', '2026-11-17 17:30:00', 'delivered', '[]', 4.0)