// === a class in a function that writes by a key of the event
const { exec } = require("child_process");
exports.handler = async (event) => {
  class Settings {
    constructor() {
      this.held = {};
    }
  }
  const into = new Settings();
  into.held[event.queryStringParameters.name] = event.body;
  const other = into.held;
  other[event.queryStringParameters.name] = event.body;
  exec(event.body); // flow: shell body
};
