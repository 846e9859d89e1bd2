-- Requests with random hosts: SITES is how many there are.
local sites = tonumber(os.getenv('SITES'))
math.randomseed(os.time())
request = function ()
  return wrk.format('GET', nil, { Host = string.format('site-%d.example', math.random(0, sites - 1)) })
end
dofile(os.getenv('REPORT'))
