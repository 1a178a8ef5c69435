exports.main=exports.auth=exports.jobs=async()=>{}
