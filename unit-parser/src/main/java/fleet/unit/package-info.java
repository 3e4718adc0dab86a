/// Unit files: text, names and placement options. Depends on nothing.
@org.jspecify.annotations.NullMarked
package fleet.unit;
