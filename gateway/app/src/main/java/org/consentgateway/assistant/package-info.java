/** Who is dialled after the decision: the assistant, or a human. */
@NullMarked
package org.consentgateway.assistant;

import org.jspecify.annotations.NullMarked;
