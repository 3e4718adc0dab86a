/// The API on sockets: the web server, and the ways in which it comes to listen.
@org.jspecify.annotations.NullMarked
package fleet.api.http;
