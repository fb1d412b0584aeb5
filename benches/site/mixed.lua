-- Mixed pages: seven of ten are municipalities, the rest maps, lists, data and searches.
local codes = {}
for line in io.lines(os.getenv("CODES")) do codes[#codes + 1] = line end
local others = { "/es/", "/en/?show=class", "/pt/areas", "/fr/areas?sort=rate", "/es/how", "/es/areas.csv", "/es/indicator/rate", "/es/docs/settings" }
local languages = { "es", "en", "pt", "fr" }
math.randomseed(20261125)
request = function()
  local draw, path = math.random(), nil
  if draw < 0.7 then
    path = "/" .. languages[math.random(4)] .. "/area/" .. codes[math.random(#codes)]
  elseif draw < 0.95 then
    path = others[math.random(#others)]
  else
    path = "/es/areas?q=" .. string.char(96 + math.random(26)) .. string.char(96 + math.random(26))
  end
  return wrk.format("GET", path, { ["Accept-Encoding"] = "gzip" })
end
