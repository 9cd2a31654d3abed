"""Three queries to try on the demo library, each complete as it stands."""

from __future__ import annotations

SHOT = """{
  asset(databaseId: "demo", assetId: "spheres") {
    assetName
    tags
    metadata { key value valueType }
    sequences { pattern firstFrame lastFrame frameCount }
    versions { edges { node { versionAlias comment position files { totalCount } } } }
    files(first: 2) {
      edges { node { path downloadUrl rendition(kind: THUMBNAIL) { url width height } } }
    }
  }
}"""

SEARCH = """{
  search(query: "spheres", facets: [FILE_EXTENSION, TAG], first: 3) {
    totalCount
    facets { facet values { value count } }
    edges { highlights { field fragments } node { ... on Asset { assetName } ... on File { path sizeBytes } } }
  }
  byLens: search(filter: { metadata: [{ key: "focal_length", gte: "30", lte: "40" }] }) {
    edges { node { ... on Asset { assetName metadata { key value } } } }
  }
}"""

FRAMES = """{
  frames(filter: { channelsAny: ["depth.Z"], frameNumberGte: 1020 }, first: 10) {
    edges { node { path frameNumber width height channels } }
  }
  frameStatistics(groupBy: [LAYER]) { keys fileCount totalSizeBytes }
}"""

TO_TRY = {
    "The shot, its versions and its first thumbnails": SHOT,
    "What a word finds, with counts, and what was shot with a lens of 30 to 40 mm": SEARCH,
    "Headers of frames that have a depth layer": FRAMES,
}
