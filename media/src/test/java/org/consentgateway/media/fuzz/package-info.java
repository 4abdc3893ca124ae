/** What comes from the network, mutated by the thousand. */
@NullMarked
package org.consentgateway.media.fuzz;

import org.jspecify.annotations.NullMarked;
