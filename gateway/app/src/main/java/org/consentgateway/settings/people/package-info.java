/** Who is called for callers. */
@NullMarked
package org.consentgateway.settings.people;

import org.jspecify.annotations.NullMarked;
