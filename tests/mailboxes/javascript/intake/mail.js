const { simpleParser } = require("mailparser");

class Mail {
  constructor(message) {
    this.message = message;
  }

  static async parse(raw) {
    return new Mail(await simpleParser(raw));
  }

  get sender() {
    return this.message.from.text;
  }

  get subject() {
    return this.message.subject;
  }

  get attachments() {
    return this.message.attachments
      .filter(({ filename }) => filename)
      .map(({ filename: name, content }) => ({ name, content }));
  }
}

module.exports = { Mail };
