-- PATCHes of one field of random records: wrk -s patch.lua URL -- KEY RECORDS PATH_PREFIX
local headers, records, prefix
function init(args)
  math.randomseed(os.time())
  headers = { Authorization = "ApiKey " .. args[1], ["Content-Type"] = "application/json" }
  records = tonumber(args[2])
  prefix = args[3]
end
function request()
  local body = string.format('{"$set":{"age":%d}}', math.random(18, 90))
  return wrk.format("PATCH", prefix .. string.format("r%07d", math.random(0, records - 1)), headers, body)
end
function response(status, _, answer)
  if status >= 300 then print("status " .. status .. ": " .. answer:sub(1, 200)) end
end
