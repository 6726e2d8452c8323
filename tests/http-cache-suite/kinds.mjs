// Says of each test of the suite what kind it is: {"id": "required" | "optimal" | "check"}. Those for browsers alone are left out, as the suite's own runner leaves them out.
import suites from 'http-cache-tests/tests/index.mjs'
import surrogate from 'http-cache-tests/tests/surrogate-control.mjs'

const tests = [...suites, surrogate].flatMap(suite => suite.tests).filter(test => test.browser_only !== true)
console.log(JSON.stringify(Object.fromEntries(tests.map(test => [test.id, test.kind ?? 'required']))))
