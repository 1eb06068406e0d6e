"use strict"; JSON.parse(document.getElementById("report-data").textContent);
