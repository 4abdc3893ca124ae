/** Page of the console on which another wording of a text is written, to be tried. */
@NullMarked
package org.consentgateway.console.page.variant;

import org.jspecify.annotations.NullMarked;
