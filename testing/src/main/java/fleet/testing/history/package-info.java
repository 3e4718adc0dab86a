/// What clients have asked and were told, and whether it makes sense.
@NullMarked
package fleet.testing.history;

import org.jspecify.annotations.NullMarked;
