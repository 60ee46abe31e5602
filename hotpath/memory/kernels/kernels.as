// Everything kernels.wasm exports. Built by `npm run kernels`, compared with the committed file by its test.
export { mlpHead } from './mlp-head'
export { venueCost } from './venue-cost'
