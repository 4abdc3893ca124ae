package org.consentgateway.call;

import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.HumanTarget;

import java.util.Optional;

/** Thread-safe. Who can be dialled, by name. */
public interface Targets {
    Assistant assistant(String name);

    /** Empty where the line has no human target. */
    Optional<HumanTarget> human(Line line);
}
