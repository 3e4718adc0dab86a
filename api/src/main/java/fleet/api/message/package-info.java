/// Requests and answers of the API, apart from what they are about: their parts, and the pages that
/// long lists come in.
@org.jspecify.annotations.NullMarked
package fleet.api.message;
