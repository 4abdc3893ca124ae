package org.consentgateway.call;

import java.util.Optional;

/** Thread-safe. Who can be dialled, by name. */
public interface Targets {
    Assistant assistant(String name);

    /** Empty where the line has no human target. */
    Optional<HumanTarget> human(Line line);
}
