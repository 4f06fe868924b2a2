// The documentation of the API: Swagger UI, the only one of four that runs under the strict policy as it is.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import './main.css'

const domNode = document.getElementById('api-docs')
SwaggerUI({ domNode, url: domNode.dataset.url, validatorUrl: null })
