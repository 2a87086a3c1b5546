-- Random gets by id: wrk -s get.lua URL -- KEY RECORDS PATH_PREFIX [COLLECTIONS]
-- With COLLECTIONS the prefix holds %d, replaced by a random collection's number.
local headers, records, prefix, collections
function init(args)
  math.randomseed(os.time())
  headers = { Authorization = "ApiKey " .. args[1] }
  records = tonumber(args[2])
  prefix = args[3]
  collections = tonumber(args[4] or "0")
end
function request()
  local path = prefix
  if collections > 0 then path = string.format(prefix, math.random(0, collections - 1)) end
  return wrk.format("GET", path .. string.format("r%07d", math.random(0, records - 1)), headers)
end
