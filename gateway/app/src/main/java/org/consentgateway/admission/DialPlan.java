package org.consentgateway.admission;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.call.Line;

/** Immutable. Which line a called number reaches, and which numbers must reach none. */
public final class DialPlan {
    private final Map<String, Extension> byNumber;
    private final EmergencyNumbers emergency;

    /** A line with the trunks it may be called by; empty: all. */
    public record Extension(Line line, Set<String> trunks) {}

    public DialPlan(List<Extension> extensions, EmergencyNumbers emergency) {
        this.byNumber =
                extensions.stream()
                        .flatMap(e -> e.line().numbers().stream().map(n -> Map.entry(n, e)))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, Map.Entry::getValue));
        this.emergency = emergency;
    }

    boolean isEmergency(String calledNumber) {
        return emergency.is(calledNumber);
    }

    Optional<Line> line(String trunk, String calledNumber) {
        return Optional.ofNullable(byNumber.get(calledNumber))
                .filter(e -> e.trunks().isEmpty() || e.trunks().contains(trunk))
                .map(Extension::line);
    }
}
