package org.consentgateway.target;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.Watched;

/**
 * Thread-safe. How those we dial stand, by what they last answered: the same for assistants and
 * humans, for whoever dials them and for whoever tells of them. One that is dialled at several
 * addresses is as well as its best one.
 */
public final class TargetHealth {
    private static final List<Health> BEST = List.of(Health.UP, Health.UNKNOWN, Health.DOWN);

    private final Supplier<List<TargetState>> watched;

    /**
     * @param watched all that is known, by whatever protocol; asked anew at every look
     */
    public TargetHealth(Supplier<List<TargetState>> watched) {
        this.watched = watched;
    }

    /** UNKNOWN where nobody is asked. */
    public Health of(Watched.Kind kind, String name) {
        return states(kind, name)
                .map(TargetState::health)
                .min(Comparator.comparingInt(BEST::indexOf))
                .orElse(Health.UNKNOWN);
    }

    /** Of one of its addresses. */
    public Health of(Watched.Kind kind, String name, String uri) {
        return at(kind, name, uri).map(TargetState::health).findFirst().orElse(Health.UNKNOWN);
    }

    /**
     * Whether an address that used to answer does not any more. One that never answered may still
     * take calls: some who do not know OPTIONS do.
     */
    public boolean fellSilent(Watched.Kind kind, String name, String uri) {
        return at(kind, name, uri)
                .anyMatch(state -> state.health() == Health.DOWN && hasAnswered(state));
    }

    private static boolean hasAnswered(TargetState state) {
        return state.servers().stream().anyMatch(server -> server.answered().isPresent());
    }

    /** All that is known. */
    public List<TargetState> all() {
        return watched.get();
    }

    /** What it answered last, as SIP and HTTP number it; 0 where nobody was asked. */
    public int status(Watched.Kind kind, String name) {
        return states(kind, name)
                .flatMap(state -> state.servers().stream())
                .mapToInt(TargetState.ServerState::status)
                .findFirst()
                .orElse(0);
    }

    /** Since when it has been so; none where nobody is asked. */
    public Optional<Instant> since(Watched.Kind kind, String name) {
        Health health = of(kind, name);
        return states(kind, name)
                .filter(state -> state.health() == health)
                .flatMap(state -> state.since().stream())
                .max(Comparator.naturalOrder());
    }

    private Stream<TargetState> at(Watched.Kind kind, String name, String uri) {
        return states(kind, name).filter(state -> state.uri().equals(Optional.of(uri)));
    }

    private Stream<TargetState> states(Watched.Kind kind, String name) {
        return watched.get().stream()
                .filter(state -> state.kind() == kind && state.name().equals(name));
    }
}
