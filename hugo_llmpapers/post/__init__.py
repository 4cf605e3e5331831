"""From records to a page bundle: template data, archetype, trial build, the bundle on disk, posts kept between builds."""
