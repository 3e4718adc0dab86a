package fleet.ctl.console;

import java.util.List;

/// What a command is called, does and takes: all that the parser and the help need to know of it.
///
/// @param summary one line, without a full stop
/// @param usage what follows the name on the command line, as in `[--full] UNIT...`
/// @param description one or more lines; empty if the summary says it all
/// @param flags its own flags, in the order in which the help lists them
public record Synopsis(
    String name, String summary, String usage, String description, List<Flag> flags) {}
