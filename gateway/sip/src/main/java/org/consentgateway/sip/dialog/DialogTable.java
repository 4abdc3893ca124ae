package org.consentgateway.sip.dialog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The legs of an endpoint, by what messages bear. Thread-safe. */
public final class DialogTable {
    /** Our half of a dialog id; ours alone is enough, since our tags are never used twice. */
    private record Half(String callId, String localTag) {}

    /** What tells a new INVITE from a merged or repeated one (RFC 3261 §8.2.2.2). */
    public record First(String callId, String fromTag, long cseq) {}

    /** An INVITE that was taken, and the branch it came by. */
    public record Taken(String branch, InviteServer leg) {}

    private final ConcurrentMap<Half, Leg> legs = new ConcurrentHashMap<>();
    private final ConcurrentMap<First, Taken> invites = new ConcurrentHashMap<>();

    /** The dialog of a call that came in. */
    public void add(Dialog dialog, Leg leg) {
        add(dialog.callId(), dialog.localTag(), leg);
    }

    void add(String callId, String localTag, Leg leg) {
        legs.put(new Half(callId, localTag), leg);
    }

    void remove(String callId, String localTag) {
        legs.remove(new Half(callId, localTag));
    }

    public @Nullable Leg leg(String callId, String localTag) {
        return legs.get(new Half(callId, localTag));
    }

    /** Null if it is now taken; else the one who was first. */
    public @Nullable Taken take(First first, Taken taken) {
        return invites.putIfAbsent(first, taken);
    }

    public @Nullable Taken taken(First first) {
        return invites.get(first);
    }

    /** Nothing of a call that came in can come any more. */
    public void forget(Dialog dialog, First first) {
        remove(dialog.callId(), dialog.localTag());
        invites.remove(first);
    }

    /** Those there are now. */
    public Set<Leg> such(Predicate<Leg> such) {
        return legs.values().stream().filter(such).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether there is such a leg. */
    public boolean has(Predicate<Leg> such) {
        return legs.values().stream().anyMatch(such);
    }

    public int size() {
        return legs.size();
    }
}
