/// The store on this machine's disk: no other process is needed. It keeps what etcd v3 keeps (keys
/// and values, revisions with their history, transactions, leases, watches), for one machine or,
/// through [fleet.store.served], for a cluster.
///
/// From the outside in:
///
/// - [EmbeddedStore] is the port's store; [Ledger] is the same for whatever bytes, and what others
///   are served from.
/// - One thread changes the file ([Writer]). It takes all that was asked for meanwhile, applies it
///   in order ([Application]), makes it durable at once, and only then answers: nobody sees what a
///   crash could take back. [Readers] read at revisions that are on disk.
/// - [LedgerFile] is two maps, the versions of each key and the keys of each revision, in the form
///   that [Formats] says; [StoreFile] is MVStore's file beneath them, and finds its newest whole
///   version after a crash.
/// - [Openings] opens the file anew when the disk has failed, as often as it takes; [Reserve] keeps
///   the space that it takes to free space on a full disk.
/// - [Feeds] tells followers what has changed; [Leases] knows which keys live until when.
@org.jspecify.annotations.NullMarked
package fleet.store.embedded;
