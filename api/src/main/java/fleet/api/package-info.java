/// What travels between the API and its clients: records, and their form in JSON.
@org.jspecify.annotations.NullMarked
package fleet.api;
