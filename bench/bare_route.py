"""The yardstick: a Flask route with one durable insert and nothing else, on the same server."""

from __future__ import annotations

import sys
import threading

import pysqlite3.dbapi2 as sqlite3
from flask import Flask, Response, jsonify, request

from webapp.server import Server


def create_app(file: str) -> Flask:
    """One table, one writer, full durability."""
    app, writer = Flask(__name__), threading.Lock()
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE arrival (id INTEGER PRIMARY KEY, body BLOB)")

    @app.get("/healthz")
    def health() -> str:
        return "ok"

    @app.post("/in/<key>")
    def arrive(key: str) -> Response:  # noqa: ARG001
        body = request.get_data()
        with writer:
            row = connection.execute("INSERT INTO arrival (body) VALUES (?)", (body,)).lastrowid
        return jsonify(id=row)

    return app


if __name__ == "__main__":
    Server(create_app(sys.argv[2]), "127.0.0.1", int(sys.argv[1]), 8).run()
