/// Safeguards removed in turn, to prove that the simulation notices each.
@NullMarked
package fleet.mutation;

import org.jspecify.annotations.NullMarked;
