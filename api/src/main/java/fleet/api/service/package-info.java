/// The API without sockets: requests in, responses out.
///
/// [ApiService] is the door. Behind it, one class a resource; `UnitEdit` and `ClusterView` decide,
/// and `UnitWriter`, `MachineWriter` and `ClusterViews` do.
@org.jspecify.annotations.NullMarked
package fleet.api.service;
