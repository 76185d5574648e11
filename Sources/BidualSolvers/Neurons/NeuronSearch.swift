/// The means of the neurons' turn of a working set: what prices directions, and what moves all neurons together.
package struct NeuronSearch {
  let pricing: NeuronPricing
  var descent: JointDescent
}
