/// What any command line needs and none of fleet knows: flags, their parser, help, tables.
///
/// Small on purpose. The general libraries cost more time at every start than fleetctl's whole work
/// (docs of picocli and the like promise comfort for hundreds of options; there are two dozen
/// here). For the same reason there is no lambda, stream, regular expression or format string on
/// the way from `main` to the first request.
@org.jspecify.annotations.NullMarked
package fleet.ctl.console;
