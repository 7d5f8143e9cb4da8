/**
 * Sends every answer of this Google Form to Firstpath.
 *
 * Set the script properties FIRSTPATH_URL and FIRSTPATH_TOKEN (Project settings, Script properties),
 * then run install() once and allow what it asks for.
 */
function install() {
  ScriptApp.getProjectTriggers().forEach(function (trigger) {
    ScriptApp.deleteTrigger(trigger);
  });
  ScriptApp.newTrigger('onAnswer').forForm(FormApp.getActiveForm()).onFormSubmit().create();
}

/** Runs for each answer; what could not be sent before is sent first. */
function onAnswer(event) {
  sendMissed();
  send(event.response);
}

/** Sends the answers that failed; may be run by hand. */
function sendMissed() {
  var properties = PropertiesService.getScriptProperties();
  var missed = JSON.parse(properties.getProperty('FIRSTPATH_MISSED') || '[]');
  properties.setProperty('FIRSTPATH_MISSED', '[]');
  missed.forEach(function (id) {
    var response = FormApp.getActiveForm().getResponse(id);
    if (response) send(response);
  });
}

function send(response) {
  var properties = PropertiesService.getScriptProperties();
  var options = {
    method: 'post',
    contentType: 'application/json',
    headers: { 'X-Intake-Token': properties.getProperty('FIRSTPATH_TOKEN') || '' },
    payload: JSON.stringify(described(response)),
    muteHttpExceptions: true
  };
  for (var attempt = 0; attempt < 4; attempt++) {
    if (attempt) Utilities.sleep(1000 * Math.pow(3, attempt));
    try {
      var status = UrlFetchApp.fetch(properties.getProperty('FIRSTPATH_URL'), options).getResponseCode();
      if (status < 300 || status === 400) return; // 400: kept there for a person to look at
    } catch (error) {
      console.warn('Firstpath did not answer: ' + error);
    }
  }
  var missed = JSON.parse(properties.getProperty('FIRSTPATH_MISSED') || '[]');
  if (missed.indexOf(response.getId()) < 0) missed.push(response.getId());
  properties.setProperty('FIRSTPATH_MISSED', JSON.stringify(missed.slice(-200)));
}

function described(response) {
  var form = FormApp.getActiveForm();
  return {
    source: 'google-forms',
    form_id: form.getId(),
    form_title: form.getTitle(),
    response_id: response.getId(),
    submitted_at: response.getTimestamp().toISOString(),
    respondent_email: response.getRespondentEmail() || '',
    answers: response.getItemResponses().map(function (answer) {
      var item = answer.getItem();
      return {
        id: String(item.getId()),
        title: item.getTitle(),
        type: String(item.getType()),
        value: valueOf(item, answer.getResponse())
      };
    })
  };
}

/** A grid's answer by its rows; everything else as it is. */
function valueOf(item, value) {
  var rows = null;
  if (item.getType() === FormApp.ItemType.GRID) rows = item.asGridItem().getRows();
  if (item.getType() === FormApp.ItemType.CHECKBOX_GRID) rows = item.asCheckboxGridItem().getRows();
  if (!rows) return value;
  var named = {};
  rows.forEach(function (row, number) {
    named[row] = value[number];
  });
  return named;
}
