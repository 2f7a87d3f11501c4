// Stands in for a module that the bundle must name but never uses.
export default {};
