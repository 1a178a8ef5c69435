const { exec } = require("child_process");
const { promisify } = require("util");

const run = promisify(exec);

const EXTRACTORS = {
  pdf: (file) => `pdftotext -layout ${file} -`,
  txt: (file) => `cat ${file}`,
};

module.exports.textOf = async (file) => {
  const extension = file.split(".").pop().toLowerCase();
  if (!(extension in EXTRACTORS)) return "";
  const command = EXTRACTORS[extension](file);
  const { stdout } = await run(command, { timeout: 60_000 });
  return stdout;
};
