/// The client of the API: what `fleetctl` speaks through. Starts fast: no reflection, no pools.
@org.jspecify.annotations.NullMarked
package fleet.api.client;
