package org.consentgateway.call;

import java.util.Optional;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.HumanTarget;

/** Thread-safe. Who can be dialled, by name. */
public interface Targets {
    Assistant assistant(String name);

    /** Empty where the line has no human target. */
    Optional<HumanTarget> human(Line line);
}
