/**
 * Whom we dial: assistants, people, and those a call is handed to.
 *
 * <p>Decisions. <b>A far end is two things</b>: to the story, which may not know of media, an
 * {@code AssistantEnd} or a {@code HumanEnd}; to the line a {@link
 * org.consentgateway.target.FarLeg}. Both are classes, so that nothing can be both, and every
 * connector gives its ends the leg as well, SIP or another: a wall holds it, since the story's
 * types cannot. Given up: type parameters through the whole story for the sake of one place, {@code
 * FarLeg.of}.
 */
@NullMarked
package org.consentgateway.target;

import org.jspecify.annotations.NullMarked;
