package org.consentgateway.target;

import java.util.List;
import java.util.Map;
import org.consentgateway.call.Line;
import org.consentgateway.call.Targets;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.HumanTarget;

/**
 * Thread-safe. All who can be dialled, by whatever way.
 *
 * @param assistants that are reached otherwise than by SIP, by name
 */
public record AllTargets(SipTargets sip, Map<String, Assistant> assistants) implements Targets {
    public AllTargets {
        assistants = Map.copyOf(assistants);
    }

    @Override
    public Assistant assistant(String name) {
        Assistant other = assistants.get(name);
        return other == null ? sip.assistant(name) : other;
    }

    @Override
    public List<HumanTarget> humans(Line line) {
        return sip.humans(line);
    }
}
