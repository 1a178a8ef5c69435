module.exports.announce = async (candidate) => {
  const response = await fetch(process.env.ATS_URL, {
    method: "POST",
    body: JSON.stringify(candidate),
    headers: {
      Authorization: `Bearer ${process.env.ATS_API_KEY}`,
      "Content-Type": "application/json",
    },
  });
  console.log("announced", candidate.id, response.status);
};
