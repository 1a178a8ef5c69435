const fs = require("fs/promises");
const path = require("path");
const { textOf } = require("./extract");

const FOLDER = "/tmp/cvs";

exports.read = async (attachment) => textOf(await save(attachment));

async function save({ name, content }) {
  const file = path.join(FOLDER, name);
  // some mail programs send the name with its folder
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, content);
  return file;
}
