package org.consentgateway.api.call;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Thread-safe. The calls of this node. */
public interface RunningCalls {

    List<RunningCall> all();

    /** Says goodbye to a caller; false where there is no such call. */
    boolean end(UUID call);

    /**
     * Has the gateway ask a caller for one more purpose, in the assistant's name; what comes of it
     * is in the log.
     *
     * @param purpose its id
     * @return false where the caller talks with no assistant
     */
    boolean ask(UUID call, String purpose);

    /** No new calls from now on; returns at once. */
    void drain();

    boolean draining();

    /**
     * @param answered null while it rings
     */
    record RunningCall(UUID id, String line, String trunk, @Nullable Instant answered) {}
}
