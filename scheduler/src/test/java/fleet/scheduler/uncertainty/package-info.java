@org.jspecify.annotations.NullMarked
package fleet.scheduler.uncertainty;
