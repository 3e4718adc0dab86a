/// The whole cluster under virtual time: engines, agents, API and users, on the code that ships.
@NullMarked
package fleet.simulation;

import org.jspecify.annotations.NullMarked;
