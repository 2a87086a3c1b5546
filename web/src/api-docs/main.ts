const root = document.getElementById('explorer');
if (root) root.textContent = 'The OpenAPI document is at /v1/openapi.json.';
