package org.consentgateway.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Thread-safe. The calls of this node. */
public interface RunningCalls {

    List<RunningCall> all();

    /** Says goodbye to a caller; false where there is no such call. */
    boolean end(UUID call);

    /** No new calls from now on; returns at once. */
    void drain();

    boolean draining();

    /**
     * @param answered null while it rings
     */
    record RunningCall(UUID id, String line, String trunk, @Nullable Instant answered) {}
}
