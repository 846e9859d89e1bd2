-- Requests with random hosts: SITES is how many there are. With ONE, all go to the first of them, after the same work.
local sites = tonumber(os.getenv('SITES'))
local one = os.getenv('ONE') ~= '' and os.getenv('ONE')
math.randomseed(os.time())
request = function ()
  local host = string.format('site-%05d.example', math.random(0, sites - 1))
  return wrk.format('GET', nil, { Host = one or host })
end
dofile(os.getenv('REPORT'))
