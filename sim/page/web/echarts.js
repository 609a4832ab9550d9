// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Only what the page draws with: the bundle leaves out the rest of ECharts.
import { init, use } from "echarts/core";
import { BarChart, HeatmapChart, LineChart, ParallelChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, ParallelComponent, TitleComponent, TooltipComponent,
         VisualMapComponent } from "echarts/components";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, ParallelChart, SankeyChart, ScatterChart, TreemapChart, DataZoomComponent, GridComponent,
     LegendComponent, MarkLineComponent, ParallelComponent, TitleComponent, TooltipComponent, VisualMapComponent, CanvasRenderer, SVGRenderer]);

export { init };
