-- The same POST again and again: wrk -s post.lua URL -- KEY PATH BODY_FILE [unique]
-- With "unique" the text @@ in the body becomes a number that differs in each request.
local headers, path, body, unique
local counter = 0
function init(args)
  headers = { Authorization = "ApiKey " .. args[1], ["Content-Type"] = "application/json" }
  path = args[2]
  local file = assert(io.open(args[3], "rb"))
  body = file:read("*a")
  file:close()
  unique = args[4] == "unique"
end
function request()
  local text = body
  if unique then
    counter = counter + 1
    text = body:gsub("@@", tostring(counter))
  end
  return wrk.format("POST", path, headers, text)
end
function response(status, _, answer)
  if status >= 300 then print("status " .. status .. ": " .. answer:sub(1, 200)) end
end
