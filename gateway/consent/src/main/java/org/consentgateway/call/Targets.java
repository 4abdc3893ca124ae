package org.consentgateway.call;

import java.util.List;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.HumanTarget;

/** Thread-safe. Who can be dialled, by name. */
public interface Targets {
    Assistant assistant(String name);

    /** In the order in which they are tried; empty where the line has none. */
    List<HumanTarget> humans(Line line);
}
